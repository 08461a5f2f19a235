-- That a person let a mail go which was put aside: its state is dismissed.
ALTER TABLE passerelle_outbox ADD COLUMN dismissal TEXT NULL;
ALTER TABLE passerelle_outbox ADD COLUMN dismissed_by TEXT NULL;
ALTER TABLE passerelle_outbox ADD COLUMN dismissed_at TEXT NULL;

-- A further state: a CHECK changes with its table alone. In one transaction, so that a crash leaves the one or the other;
-- done again it copies the same.
BEGIN IMMEDIATE;
CREATE TABLE passerelle_outbox_new (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  occasion TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('approved', 'refused', 'reminder', 'deadline')),
  campaign_id INTEGER NOT NULL,
  user_id INTEGER NULL,
  token_id INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'aside', 'dropped', 'dismissed')),
  reason TEXT NULL,
  detail TEXT NULL,
  created_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  run TEXT NULL,
  claimed_at TEXT NULL,
  sent_at TEXT NULL,
  dismissal TEXT NULL,
  dismissed_by TEXT NULL,
  dismissed_at TEXT NULL
);
INSERT INTO passerelle_outbox_new
  SELECT id, occasion, kind, campaign_id, user_id, token_id, state, reason, detail, created_at, due_at, attempts, run, claimed_at,
         sent_at, dismissal, dismissed_by, dismissed_at FROM passerelle_outbox;
DROP TABLE passerelle_outbox;
ALTER TABLE passerelle_outbox_new RENAME TO passerelle_outbox;
CREATE INDEX passerelle_outbox_state ON passerelle_outbox (state, kind, due_at);
CREATE INDEX passerelle_outbox_token ON passerelle_outbox (kind, token_id);
COMMIT;
