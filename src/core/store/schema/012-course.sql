-- SPDX-License-Identifier: MIT
-- What each session did and met in the order of time (sight-course.h). Derived; what has none is looked for in its
-- occurrences.
CREATE TABLE course (
  session INTEGER PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  data BLOB NOT NULL
);
