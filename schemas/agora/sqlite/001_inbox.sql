-- What the gateway delivered, kept by the plugin Passerelle beside Agora's own tables. Times are UTC.
CREATE TABLE IF NOT EXISTS passerelle_inbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- The token (a hash where it cannot be a key): this key makes a repeated delivery harmless.
  identity TEXT NOT NULL UNIQUE,
  -- Of action, comment and moment: tells a repeated answer from a different one.
  digest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('applied', 'rejected')),
  reason TEXT NULL,
  detail TEXT NULL,
  -- The whole item as it came.
  payload TEXT NOT NULL,
  received_at TEXT NOT NULL,
  -- The run that saw it last in the gateway's list. A gateway's row numbers mean nothing beyond that run.
  run TEXT NOT NULL,
  gateway TEXT NOT NULL,
  gateway_id INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS passerelle_inbox_state ON passerelle_inbox (state, received_at);

-- One row a listing that had items; open until all of them are acknowledged.
CREATE TABLE IF NOT EXISTS passerelle_listing (
  run TEXT NOT NULL,
  gateway TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  closed_at TEXT NULL,
  PRIMARY KEY (run, gateway)
);
