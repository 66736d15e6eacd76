// SPDX-License-Identifier: MIT
// Reads the events of a window from the application: lines of JSON, each an array, parsed as they come.

export async function fetchEvents(url) {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`no events (${response.status})`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const events = [];
  let rest = [];
  const take = (line) => {
    for (const event of JSON.parse(line))
      events.push(event);
  };
  for (;;) {
    const { done, value } = await reader.read();
    if (done)
      break;
    const lines = value.split('\n');
    while (lines.length > 1) {
      rest.push(lines.shift());
      take(rest.join(''));
      rest = [];
    }
    rest.push(lines[0]);
  }
  if (rest.join('').trim())
    take(rest.join(''));
  if (events.length < 2)
    throw new Error('nothing to show');
  return events;
}
