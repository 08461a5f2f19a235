-- That a person let a mail go which was put aside: its state is dismissed.
ALTER TABLE passerelle_outbox ADD COLUMN dismissal VARCHAR(400) NULL,
  ADD COLUMN dismissed_by VARCHAR(100) NULL,
  ADD COLUMN dismissed_at DATETIME NULL;
