-- The mails that the plugin Passerelle sends, once each, kept beside Agora's own tables. Times are UTC. Made only where
-- a job asks for mails.
CREATE TABLE IF NOT EXISTS passerelle_outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- What it is sent for: this key makes each mail one.
  occasion TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('approved', 'refused', 'reminder', 'deadline')),
  campaign_id INTEGER NOT NULL,
  -- To whom. NULL: to the campaign's creator, who is looked up when it is sent.
  user_id INTEGER NULL,
  -- Of the answer that decided the campaign, or of the invitation that is recalled; 0: of none.
  token_id INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'aside', 'dropped')),
  reason TEXT NULL,
  detail TEXT NULL,
  created_at TEXT NOT NULL,
  -- Not sent before.
  due_at TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  -- The run that sends it or did, and when it began to.
  run TEXT NULL,
  claimed_at TEXT NULL,
  sent_at TEXT NULL
);
CREATE INDEX IF NOT EXISTS passerelle_outbox_state ON passerelle_outbox (state, kind, due_at);
CREATE INDEX IF NOT EXISTS passerelle_outbox_token ON passerelle_outbox (kind, token_id);
