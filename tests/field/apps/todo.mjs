// SPDX-License-Identifier: MIT
// A list of things to do in Vue, all in one document: its pages are hash routes, and nothing is sent anywhere.
import { join } from 'node:path';

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>To do</title><link rel="stylesheet" href="/css/index.css"><script src="/vue/vue.global.prod.js"></script></head>
<body><section class="todoapp" id="app"></section><footer class="info"><p>Double-click to edit</p></footer><script src="/site.js"></script></body></html>`;

const SCRIPT = `Vue.createApp({
  data: () => ({ list: [{ text: 'Water the ferns', done: false }, { text: 'Cut the moss', done: true }], text: '', route: location.hash.slice(2), edited: null }),
  mounted() { addEventListener('hashchange', () => { this.route = location.hash.slice(2); }); },
  computed: { shown() { return this.list.filter((one) => this.route === 'active' ? !one.done : this.route === 'completed' ? one.done : true); }, left() { return this.list.filter((one) => !one.done).length; } },
  methods: { add() { if (this.text.trim()) this.list.push({ text: this.text.trim(), done: false }); this.text = ''; } },
  template: \`<header class="header"><h1>todos</h1><input class="new-todo" placeholder="What needs to be done?" v-model="text" @keyup.enter="add"></header>
<section class="main"><ul class="todo-list"><li v-for="one in shown" :class="{ completed: one.done, editing: one === edited }"><div class="view"><input class="toggle" type="checkbox" v-model="one.done"><label @dblclick="edited = one">{{ one.text }}</label>
<button class="destroy" @click="list.splice(list.indexOf(one), 1)"></button></div><input class="edit" v-model="one.text" @blur="edited = null" @keyup.enter="edited = null"></li></ul></section>
<footer class="footer"><span class="todo-count"><strong>{{ left }}</strong> left</span><ul class="filters"><li><a href="#/" :class="{ selected: !route }">All</a></li><li><a href="#/active" :class="{ selected: route === 'active' }">Active</a></li>
<li><a href="#/completed" :class="{ selected: route === 'completed' }">Completed</a></li></ul><button class="clear-completed" @click="list = list.filter((one) => !one.done)">Clear completed</button></footer>\`,
}).mount('#app');`;

export default {
  about: 'single page with hash routes, Vue',
  npm: { vue: '3.5.13', 'todomvc-app-css': '2.4.3' },
  start: ({ modules }) => ({ folders: { '/vue/': join(modules, 'vue/dist'), '/css/': join(modules, 'todomvc-app-css') }, routes: { '/': PAGE, '/site.js': SCRIPT } }),
  tasks: {
    adds: (visitor) => visitor.form('a thing to do', { '.new-todo': 'Buy a watering can' }, { send: (one) => one.key('Enter') }),
    leaves: (visitor) => visitor.form('a thing to do', { '.new-todo': 'Buy some gravel' }, { leave: (one) => one.goto('/?elsewhere') }),
    async filters(visitor) {
      await visitor.click('.filters li:nth-child(2) a');
      await visitor.click('.todo-list .toggle');
      await visitor.click('.filters li:nth-child(3) a');
      await visitor.click('.filters li:nth-child(3) a', { times: 4 });
      await visitor.click('.todo-count', { patient: true });
    },
  },
};
