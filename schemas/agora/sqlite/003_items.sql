-- What became of an item, for whoever asks later. NULL where it was decided before these columns were there.
ALTER TABLE passerelle_inbox ADD COLUMN campaign_id INTEGER NULL;
ALTER TABLE passerelle_inbox ADD COLUMN user_id INTEGER NULL;
ALTER TABLE passerelle_inbox ADD COLUMN validation_id INTEGER NULL;
ALTER TABLE passerelle_inbox ADD COLUMN dismissal TEXT NULL;
ALTER TABLE passerelle_inbox ADD COLUMN dismissed_by TEXT NULL;
ALTER TABLE passerelle_inbox ADD COLUMN dismissed_at TEXT NULL;

-- A third state: a CHECK changes with its table alone. In one transaction, so that a crash leaves the one or the other;
-- done again it copies the same.
BEGIN IMMEDIATE;
CREATE TABLE passerelle_inbox_new (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  identity TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('applied', 'rejected', 'dismissed')),
  reason TEXT NULL,
  detail TEXT NULL,
  payload TEXT NOT NULL,
  received_at TEXT NOT NULL,
  run TEXT NOT NULL,
  gateway TEXT NOT NULL,
  gateway_id INTEGER NOT NULL,
  campaign_id INTEGER NULL,
  user_id INTEGER NULL,
  validation_id INTEGER NULL,
  dismissal TEXT NULL,
  dismissed_by TEXT NULL,
  dismissed_at TEXT NULL
);
INSERT INTO passerelle_inbox_new
  SELECT id, identity, digest, state, reason, detail, payload, received_at, run, gateway, gateway_id,
         campaign_id, user_id, validation_id, dismissal, dismissed_by, dismissed_at FROM passerelle_inbox;
DROP TABLE passerelle_inbox;
ALTER TABLE passerelle_inbox_new RENAME TO passerelle_inbox;
CREATE INDEX passerelle_inbox_state ON passerelle_inbox (state, received_at);
CREATE INDEX passerelle_inbox_campaign ON passerelle_inbox (campaign_id, user_id);
COMMIT;
