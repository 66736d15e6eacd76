-- SPDX-License-Identifier: MIT
-- What is wanted of an endpoint that can be asked for a part of what it has: a filter as text; NULL: what it gives.
ALTER TABLE endpoint ADD COLUMN scope TEXT;
