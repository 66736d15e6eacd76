// SPDX-License-Identifier: MIT
// Reads what the application has put ready.

/**
 * Where pointer or finger went: positions in a row.
 * @param {RecordedEvent} event
 */
export function isMove({ type, data }) {
  return type === 3 && data !== null && typeof data === 'object' && [1, 6, 12].includes(data.source);
}

export async function fetchJson(url) {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`nothing is there (${response.status})`);
  return response.json();
}
