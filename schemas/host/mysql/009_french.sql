-- What the message of a run says in French, as a search looks for it: in small letters, without accents. Null: the
-- message has no other words in French, or comes from an earlier version.
-- Every statement may be repeated and ends with a semicolon at the end of a line.

ALTER TABLE run ADD COLUMN french TEXT NULL;
