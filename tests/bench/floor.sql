-- The floor: the rows that a synchronisation leaves, written by as few and as large statements as there can be. The items
-- come from a file; nothing is fetched, parsed or acknowledged.
SET time_zone = '+00:00';
START TRANSACTION;
CREATE TEMPORARY TABLE item (
  id BIGINT PRIMARY KEY, token CHAR(64) NOT NULL, action VARCHAR(10) NOT NULL,
  commentaire TEXT NULL, validated_at DATETIME NOT NULL, payload LONGTEXT NOT NULL)
  ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
LOAD DATA LOCAL INFILE 'items.tsv' INTO TABLE item CHARACTER SET utf8mb4
  (id, token, action, @commentaire, validated_at, payload) SET commentaire = NULLIF(@commentaire, '');
INSERT INTO passerelle_inbox (identity, digest, state, payload, received_at, run, gateway, gateway_id)
  SELECT token, MD5(CONCAT(action, validated_at)), 'applied', payload, NOW(), 'floor', 'http://gateway', id
    FROM item ORDER BY id;
INSERT INTO validations (campaign_id, user_id, action, commentaire, validated_at, created_at)
  SELECT t.campaign_id, t.user_id, i.action, i.commentaire, i.validated_at + INTERVAL 1 HOUR, NOW()
    FROM item i JOIN validation_tokens t ON t.token = i.token ORDER BY i.id;
UPDATE validation_tokens t JOIN item i ON i.token = t.token SET t.used_at = NOW();
INSERT INTO campaign_logs (campaign_id, user_id, action, description, created_at)
  SELECT t.campaign_id, t.user_id, IF(i.action = 'refuse', 'rejected', 'validated'),
         CONCAT(IF(i.action = 'refuse', 'Refus par ', 'Validation par '), u.prenom, ' ', u.nom,
                ' (synchronisé depuis la passerelle)'), NOW()
    FROM item i JOIN validation_tokens t ON t.token = i.token JOIN users u ON u.id = t.user_id ORDER BY i.id;
CREATE TEMPORARY TABLE outcome (campaign_id INT PRIMARY KEY, user_id INT NOT NULL, statut VARCHAR(20) NOT NULL) ENGINE=InnoDB
  SELECT v.campaign_id, MAX(v.user_id) AS user_id, IF(MAX(v.action = 'refuse'), 'refusee', 'validee') AS statut
    FROM validations v JOIN campaigns c ON c.id = v.campaign_id AND c.statut = 'en_validation' GROUP BY v.campaign_id
  HAVING MAX(v.action = 'refuse') OR COUNT(DISTINCT v.user_id) >=
         (SELECT COUNT(*) FROM campaign_validators cv WHERE cv.campaign_id = v.campaign_id);
UPDATE campaigns c JOIN outcome o ON o.campaign_id = c.id SET c.statut = o.statut;
INSERT INTO campaign_logs (campaign_id, user_id, action, description, old_values, new_values, created_at)
  SELECT campaign_id, user_id, 'status_changed',
         CONCAT('Changement de statut : En validation → ', IF(statut = 'refusee', 'Refusée', 'Validée')),
         '{"statut":"en_validation"}', CONCAT('{"statut":"', statut, '"}'), NOW() FROM outcome;
COMMIT;
