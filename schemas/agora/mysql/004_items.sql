-- What became of an item, for whoever asks later. NULL where it was decided before these columns were there.
-- The key finds the answers of a campaign, and those of one person in it.
ALTER TABLE passerelle_inbox ADD COLUMN campaign_id BIGINT NULL,
  ADD COLUMN user_id BIGINT NULL,
  ADD COLUMN validation_id BIGINT NULL,
  ADD COLUMN dismissal VARCHAR(400) NULL,
  ADD COLUMN dismissed_by VARCHAR(100) NULL,
  ADD COLUMN dismissed_at DATETIME NULL,
  ADD KEY passerelle_inbox_campaign (campaign_id, user_id);
