-- Agora with @items unused tokens, three validators a campaign, as the benchmark's gateway lists their answers:
-- the token of item n is the SHA-256 of n.
INSERT INTO users (id, nom, prenom, email)
  SELECT seq, CONCAT('Nom', seq), CONCAT('Prénom', seq), CONCAT('u', seq, '@example.org') FROM seq_1_to_60;
INSERT INTO campaigns (id, titre, statut)
  SELECT seq, CONCAT('Campagne ', seq), 'en_validation' FROM seq_1_to_1000000 WHERE seq <= (@items + 2) DIV 3;
INSERT INTO campaign_validators (campaign_id, user_id, ordre)
  SELECT c.id, 1 + (c.id * 3 + s.seq) MOD 60, s.seq + 1 FROM campaigns c, seq_0_to_2 s;
INSERT INTO validation_tokens (campaign_id, user_id, token, expires_at, created_at)
  SELECT 1 + seq DIV 3, 1 + ((1 + seq DIV 3) * 3 + seq MOD 3) MOD 60, SHA2(seq, 256), '2030-01-01', '2026-01-01'
    FROM seq_0_to_2000000 WHERE seq < @items;
INSERT INTO settings (cle, valeur, type) VALUES
  ('validation_mode', 'passerelle', 'text'), ('app_timezone', 'Europe/Paris', 'text');
