-- Agora's own tables, for tests and the quick start only. A real Agora brings them along, and nothing of
-- Carillon creates or alters them there: no IF NOT EXISTS, so that this file fails at once on a real one.
-- Every statement ends with a semicolon at the end of a line.

CREATE TABLE settings (
  id     INT NOT NULL AUTO_INCREMENT,
  cle    VARCHAR(100) NOT NULL,
  valeur TEXT NULL,
  type   VARCHAR(20) NOT NULL DEFAULT 'string',
  PRIMARY KEY (id),
  UNIQUE KEY uk_settings_cle (cle)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE users (
  id     INT UNSIGNED NOT NULL AUTO_INCREMENT,
  nom    VARCHAR(100) NOT NULL,
  prenom VARCHAR(100) NOT NULL,
  email  VARCHAR(191) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE campaigns (
  id     INT UNSIGNED NOT NULL AUTO_INCREMENT,
  titre  VARCHAR(255) NOT NULL,
  statut ENUM('brouillon', 'en_validation', 'validee', 'publiee', 'archivee', 'refusee', 'annulee')
         NOT NULL DEFAULT 'brouillon',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE campaign_validators (
  id          INT UNSIGNED NOT NULL AUTO_INCREMENT,
  campaign_id INT UNSIGNED NOT NULL,
  user_id     INT UNSIGNED NOT NULL,
  ordre       INT NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  UNIQUE KEY uk_campaign_validators_campaign_user (campaign_id, user_id),
  KEY idx_campaign_validators_user (user_id),
  CONSTRAINT fk_campaign_validators_campaign FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
  CONSTRAINT fk_campaign_validators_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The unique key is the index on token.
CREATE TABLE validation_tokens (
  id          INT UNSIGNED NOT NULL AUTO_INCREMENT,
  campaign_id INT UNSIGNED NOT NULL,
  user_id     INT UNSIGNED NOT NULL,
  token       VARCHAR(64) NOT NULL,
  expires_at  DATETIME NOT NULL,
  used_at     DATETIME NULL,
  ip_address  VARCHAR(45) NULL,
  user_agent  VARCHAR(255) NULL,
  created_at  TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (id),
  UNIQUE KEY uk_validation_tokens_token (token),
  KEY idx_validation_tokens_campaign_user (campaign_id, user_id),
  KEY idx_validation_tokens_user (user_id),
  KEY idx_validation_tokens_expires (expires_at),
  KEY idx_validation_tokens_token_expires (token, expires_at),
  CONSTRAINT fk_validation_tokens_campaign FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
  CONSTRAINT fk_validation_tokens_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE validations (
  id           INT UNSIGNED NOT NULL AUTO_INCREMENT,
  campaign_id  INT UNSIGNED NOT NULL,
  user_id      INT UNSIGNED NOT NULL,
  action       ENUM('valide', 'refuse', 'demande_modification') NOT NULL,
  commentaire  TEXT NULL,
  validated_at DATETIME NULL,
  created_at   TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (id),
  KEY idx_validations_campaign (campaign_id),
  KEY idx_validations_user (user_id),
  CONSTRAINT fk_validations_campaign FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
  CONSTRAINT fk_validations_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE campaign_logs (
  id          INT UNSIGNED NOT NULL AUTO_INCREMENT,
  campaign_id INT UNSIGNED NOT NULL,
  user_id     INT UNSIGNED NOT NULL,
  action      VARCHAR(50) NOT NULL,
  description TEXT NULL,
  old_values  JSON NULL,
  new_values  JSON NULL,
  created_at  TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (id),
  KEY idx_campaign_logs_campaign (campaign_id),
  KEY idx_campaign_logs_user (user_id),
  KEY idx_campaign_logs_action (action),
  KEY idx_campaign_logs_created (created_at),
  KEY idx_campaign_logs_campaign_created (campaign_id, created_at),
  KEY idx_campaign_logs_user_created (user_id, created_at),
  CONSTRAINT fk_campaign_logs_campaign FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
  CONSTRAINT fk_campaign_logs_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
