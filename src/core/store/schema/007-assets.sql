-- SPDX-License-Identifier: MIT
-- Pictures, fonts and sheets that sessions show, each once for an endpoint by the SHA-256 of its content. One that a
-- session tells of and that nobody brought has no content. One that was brought waits for the first session that tells
-- of it (waits_ms: since when), and goes with the last. The content stands last: what is asked of the others alone
-- never reads it.
CREATE TABLE asset (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  endpoint INTEGER NOT NULL REFERENCES endpoint ON DELETE CASCADE,
  hash BLOB NOT NULL,
  waits_ms INTEGER,
  type TEXT,
  n_bytes INTEGER NOT NULL DEFAULT 0,
  content BLOB,
  UNIQUE (endpoint, hash)
);
CREATE INDEX asset_waiting ON asset (waits_ms) WHERE waits_ms IS NOT NULL;
CREATE TABLE asset_use (
  session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
  asset INTEGER NOT NULL REFERENCES asset ON DELETE CASCADE,
  PRIMARY KEY (session, asset)
) WITHOUT ROWID;
CREATE INDEX asset_use_asset ON asset_use (asset);
CREATE TRIGGER asset_use_removed AFTER DELETE ON asset_use
WHEN NOT EXISTS (SELECT 1 FROM asset_use WHERE asset = old.asset) BEGIN
  DELETE FROM asset WHERE row = old.asset;
END;
