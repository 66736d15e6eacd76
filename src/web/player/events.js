// SPDX-License-Identifier: MIT
// Reads what the application has put ready.

export async function fetchJson(url) {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`nothing is there (${response.status})`);
  return response.json();
}
