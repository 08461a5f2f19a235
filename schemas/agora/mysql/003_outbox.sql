-- The mails that the plugin Passerelle sends, once each, kept beside Agora's own tables. Times are UTC. Made only where
-- a job asks for mails.
CREATE TABLE IF NOT EXISTS passerelle_outbox (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  -- What it is sent for: this key makes each mail one.
  occasion VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  campaign_id BIGINT NOT NULL,
  -- To whom. NULL: to the campaign's creator, who is looked up when it is sent.
  user_id BIGINT NULL,
  -- Of the answer that decided the campaign, or of the invitation that is recalled; 0: of none.
  token_id BIGINT NOT NULL,
  -- planned, sending, sent, aside, dropped
  state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  detail VARCHAR(255) NULL,
  created_at DATETIME NOT NULL,
  -- Not sent before.
  due_at DATETIME NOT NULL,
  attempts INT NOT NULL,
  -- The run that sends it or did, and when it began to.
  run VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  claimed_at DATETIME NULL,
  sent_at DATETIME NULL,
  UNIQUE KEY passerelle_outbox_occasion (occasion),
  KEY passerelle_outbox_state (state, kind, due_at),
  KEY passerelle_outbox_token (kind, token_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
