#!/usr/bin/env python3
"""A TLS port of loopback before a plain one: tls_front.py CERTIFICATE KEY PLAIN_PORT PORT_FILE"""
import socket, ssl, sys, threading
from pathlib import Path

certificate, key, plain_port, port_file = sys.argv[1:]


def pass_on(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # either side has gone


def serve(context, connection):
    try:
        client = context.wrap_socket(connection, server_side=True)
        server = socket.create_connection(('127.0.0.1', int(plain_port)))
    except OSError:
        return connection.close()  # who does not trust the certificate
    threading.Thread(target=pass_on, args=(client, server), daemon=True).start()
    pass_on(server, client)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
listener = socket.create_server(('127.0.0.1', 0))
Path(port_file).write_text(str(listener.getsockname()[1]))
while True:
    threading.Thread(target=serve, args=(context, listener.accept()[0]), daemon=True).start()
