-- Agora's own tables in SQLite, for tests and the quick start only: the names of ../mysql/agora.sql, date-times as
-- TEXT 'YYYY-MM-DD HH:MM:SS', enums as CHECK. The foreign keys hold only under PRAGMA foreign_keys = ON.
-- Every statement ends with a semicolon at the end of a line.

CREATE TABLE settings (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  cle    VARCHAR(100) NOT NULL UNIQUE,
  valeur TEXT NULL,
  type   VARCHAR(20) NOT NULL DEFAULT 'string'
);

CREATE TABLE users (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  nom    VARCHAR(100) NOT NULL,
  prenom VARCHAR(100) NOT NULL,
  email  VARCHAR(191) NOT NULL
);

CREATE TABLE campaigns (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  titre  VARCHAR(255) NOT NULL,
  statut TEXT NOT NULL DEFAULT 'brouillon' CHECK (
         statut IN ('brouillon', 'en_validation', 'validee', 'publiee', 'archivee', 'refusee', 'annulee'))
);

CREATE TABLE campaign_validators (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  campaign_id INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  ordre       INTEGER NOT NULL DEFAULT 1,
  UNIQUE (campaign_id, user_id)
);
CREATE INDEX idx_campaign_validators_user ON campaign_validators (user_id);

CREATE TABLE validation_tokens (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  campaign_id INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  token       VARCHAR(64) NOT NULL UNIQUE,
  expires_at  TEXT NOT NULL,
  used_at     TEXT NULL,
  ip_address  VARCHAR(45) NULL,
  user_agent  VARCHAR(255) NULL,
  created_at  TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_validation_tokens_campaign_user ON validation_tokens (campaign_id, user_id);
CREATE INDEX idx_validation_tokens_user ON validation_tokens (user_id);
CREATE INDEX idx_validation_tokens_expires ON validation_tokens (expires_at);
CREATE INDEX idx_validation_tokens_token_expires ON validation_tokens (token, expires_at);

CREATE TABLE validations (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  campaign_id  INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  action       TEXT NOT NULL CHECK (action IN ('valide', 'refuse', 'demande_modification')),
  commentaire  TEXT NULL,
  validated_at TEXT NOT NULL,
  created_at   TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_validations_campaign ON validations (campaign_id);
CREATE INDEX idx_validations_user ON validations (user_id);

CREATE TABLE campaign_logs (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  campaign_id INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  action      VARCHAR(50) NOT NULL,
  description TEXT NULL,
  old_values  TEXT NULL CHECK (old_values IS NULL OR json_valid(old_values)),
  new_values  TEXT NULL CHECK (new_values IS NULL OR json_valid(new_values)),
  created_at  TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_campaign_logs_campaign ON campaign_logs (campaign_id);
CREATE INDEX idx_campaign_logs_user ON campaign_logs (user_id);
CREATE INDEX idx_campaign_logs_action ON campaign_logs (action);
CREATE INDEX idx_campaign_logs_created ON campaign_logs (created_at);
CREATE INDEX idx_campaign_logs_campaign_created ON campaign_logs (campaign_id, created_at);
CREATE INDEX idx_campaign_logs_user_created ON campaign_logs (user_id, created_at);
