"""A mail server on loopback for tests, by aiosmtpd: smtp.py FOLDER MODE [CERTIFICATE KEY [PORT PASSWORD]]

MODE is starttls (asked for before a password is taken), tls (from the first byte) or plain. The account is
carillon / PASSWORD (pass word). Prints the port. Each message becomes a file of FOLDER. While FOLDER/refuse is there it
answers 451, while FOLDER/hang is there it answers nothing.
"""

import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Box:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_DATA(self, server, session, envelope):
        while os.path.exists(os.path.join(self.folder, "hang")):
            await asyncio.sleep(0.05)
        if os.path.exists(os.path.join(self.folder, "refuse")):
            return "451 try again later"
        self.count += 1
        path = os.path.join(self.folder, f"{self.count}.mail")
        head = f"X-Test-Encrypted: {session.ssl is not None or MODE == 'tls'}\r\n"
        head += f"X-Test-Authenticated: {session.authenticated}\r\n"
        head += f"X-Test-From: {envelope.mail_from}\r\nX-Test-To: {' '.join(envelope.rcpt_tos)}\r\n"
        with open(path + ".new", "wb") as file:
            file.write(head.encode() + envelope.original_content)
        os.rename(path + ".new", path)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"carillon", PASSWORD)
    return AuthResult(success=good)


FOLDER, MODE = sys.argv[1:3]
PORT, PASSWORD = (int(sys.argv[5]), sys.argv[6].encode()) if sys.argv[5:] else (0, b"pass word")
context = None
if MODE != "plain":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
box = Box(FOLDER)


def make():
    return SMTP(
        box,
        tls_context=context if MODE == "starttls" else None,
        require_starttls=MODE == "starttls",
        authenticator=authenticate,
        auth_required=MODE != "plain",
        auth_require_tls=MODE == "starttls",
    )


async def main():
    server = await asyncio.get_running_loop().create_server(
        make, "127.0.0.1", PORT, ssl=context if MODE == "tls" else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
