-- When a mail may have gone out already that is planned anew: it may be a second one.
ALTER TABLE passerelle_outbox ADD COLUMN perhaps_sent_at DATETIME NULL;
UPDATE passerelle_outbox SET perhaps_sent_at = claimed_at WHERE state IN ('aside', 'dismissed') AND reason = 'uncertain';
