-- A town council's Agora in miniature: four campaigns, three validators, and the tokens that were sent to them.
INSERT INTO users (id, prenom, nom, email) VALUES
  (1, 'Service', 'Culture', 'culture@example.org'),
  (2, 'Service', 'Urbanisme', 'urbanisme@example.org'),
  (3, 'Cabinet', 'du Maire', 'cabinet@example.org');
INSERT INTO campaigns (id, titre, statut) VALUES
  (1, 'Marché de Noël', 'en_validation'),
  (2, 'Travaux de la rue Pasteur', 'en_validation'),
  (3, 'Fête de la musique', 'en_validation'),
  (4, 'Vœux aux habitants', 'en_validation');
INSERT INTO campaign_validators (campaign_id, user_id, ordre) VALUES
  (1, 1, 1), (1, 3, 2), (2, 2, 1), (2, 3, 2), (3, 1, 1), (3, 2, 2), (3, 3, 3), (4, 3, 1);
INSERT INTO validation_tokens (campaign_id, user_id, token, expires_at, created_at)
  SELECT campaign_id, user_id, printf('quickstart-%d-%d', campaign_id, user_id),
         datetime('now', 'localtime', iif(campaign_id = 4, '-2 days', '+30 days')), datetime('now', '-5 days')
    FROM campaign_validators;
INSERT INTO settings (cle, valeur, type) VALUES
  ('validation_mode', 'passerelle', 'text'), ('app_timezone', 'Europe/Paris', 'text');
