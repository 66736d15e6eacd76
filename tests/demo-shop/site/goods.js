// SPDX-License-Identifier: MIT
// What the shop sells, the drawings of it, and the cart.
const KINDS = { tools: '#4f7d64', pots: '#b5694a', seeds: '#c9a23f', lights: '#5b6f9e' };
const NAMES = {
  tools: ['Hand trowel', 'Ash-handled spade', 'Pruning knife', 'Dibber', 'Copper rake', 'Garden twine', 'Watering can', 'Soil sieve'],
  pots: ['Terracotta pot', 'Glazed bowl', 'Long tom', 'Window box', 'Seed tray', 'Hanging pot'],
  seeds: ['Sweet peas', 'Borage', 'Winter kale', 'Sugar snap peas', 'Poppies', 'Marigold'],
  lights: ['Storm lantern', 'Solar string', 'Path light', 'Wall lamp'],
};

export const goods = Object.entries(NAMES).flatMap(([kind, names], row) => names.map((name, at) => ({
  id: 1001 + row * 100 + at, kind, name, colour: KINDS[kind], price: 400 + ((row * 977 + at * 613) % 5200), stock: (row + at) % 5 !== 3,
})));

export const kinds = Object.keys(KINDS);
export const find = (id) => goods.find((item) => item.id === Number(id));
export const money = (cents) => `€ ${(cents / 100).toFixed(2)}`;

export function drawing(item, view = 0) {
  const turn = (item.id * 7 + view * 23) % 40;
  const shapes = {
    tools: `<rect x="94" y="30" width="12" height="90" rx="6" fill="#8a6a45"/><path d="M78 110h44l-8 50q-14 16-28 0z" fill="${item.colour}"/>`,
    pots: `<path d="M60 70h80l-12 90h-56z" fill="${item.colour}"/><rect x="54" y="58" width="92" height="18" rx="4" fill="${item.colour}" opacity=".8"/>`,
    seeds: `<rect x="64" y="44" width="72" height="112" rx="6" fill="#f4ead0"/><circle cx="100" cy="92" r="24" fill="${item.colour}"/>`,
    lights: `<circle cx="100" cy="92" r="38" fill="#ffe9a8"/><rect x="80" y="52" width="40" height="84" rx="10" fill="none" stroke="${item.colour}" stroke-width="6"/>`,
  };
  return `<svg viewBox="0 0 200 200" role="img" aria-label="${item.name}"><rect width="200" height="200" fill="#eef0ea"/>` +
    `<g transform="rotate(${turn - 20} 100 100)">${shapes[item.kind]}</g></svg>`;
}

const read = () => JSON.parse(localStorage.getItem('cart') ?? '[]');

export const cart = {
  lines: () => read().map(({ id, count }) => ({ item: find(id), count })),
  count: () => read().reduce((sum, line) => sum + line.count, 0),
  total: () => read().reduce((sum, line) => sum + line.count * find(line.id).price, 0),
  add(id, count) {
    const lines = read();
    const line = lines.find((each) => each.id === id);
    if (line) line.count = Math.max(0, line.count + count);
    else lines.push({ id, count });
    localStorage.setItem('cart', JSON.stringify(lines.filter((each) => each.count > 0)));
  },
  empty: () => localStorage.removeItem('cart'),
};
