-- What the gateway delivered, kept by the plugin Passerelle beside Agora's own tables. Times are UTC.
-- Every key fits into the 767 bytes that InnoDB leaves in tables of the row formats COMPACT and REDUNDANT. Tables of
-- 001_inbox.sql, whose gateway was a utf8mb4 text, stay as they are and do as well.
CREATE TABLE IF NOT EXISTS passerelle_inbox (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  -- The token (a hash where it cannot be a key): this key makes a repeated delivery harmless.
  identity VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- Of action, comment and moment: tells a repeated answer from a different one.
  digest CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  detail VARCHAR(255) NULL,
  -- The whole item as it came.
  payload LONGTEXT NOT NULL,
  received_at DATETIME NOT NULL,
  -- The run that saw it last in the gateway's list. A gateway's row numbers mean nothing beyond that run.
  run VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  gateway VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  gateway_id BIGINT NOT NULL,
  UNIQUE KEY passerelle_inbox_identity (identity),
  KEY passerelle_inbox_state (state, received_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- One row a listing that had items; open until all of them are acknowledged.
CREATE TABLE IF NOT EXISTS passerelle_listing (
  run VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  gateway VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  opened_at DATETIME NOT NULL,
  closed_at DATETIME NULL,
  PRIMARY KEY (run, gateway)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
