-- SPDX-License-Identifier: MIT
-- Whether the user of a session is known is one more of the terms that the store keeps (sight-kept-table.h): sessions
-- of before get it as they got the others.
UPDATE counter SET value = (SELECT coalesce(max(session), 0) FROM occurrence) WHERE name = 'kept';
