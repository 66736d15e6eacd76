// SPDX-License-Identifier: MIT
// Rules that scripts put into sheets or take out of them, and what they declare there, in place of rrweb's own observers.
import * as dom from './dom.js';
import { telling } from './hooks.js';
import { patch } from './safe.js';
import { absolutifyURLs } from './sheets.js';

// Where a rule stands: the index in its sheet, then in the rule around it, and so on.
function placeOf(rule) {
  const around = rule.parentRule ?? rule.parentStyleSheet;
  return around ? [...placeOf(around), Array.from(around.cssRules).indexOf(rule)] : [];
}

export function watchRules({ styleSheetRuleCb, styleDeclarationCb, mirror, stylesheetManager }, { win }) {
  // Of a sheet that nobody was told of, nothing is told.
  function tell(cb, sheet, change) {
    const id = sheet.ownerNode ? mirror.getId(sheet.ownerNode) : undefined;
    const styleId = sheet.ownerNode ? undefined : stylesheetManager.styleMirror.getId(sheet);
    if (id > 0 || styleId > 0) cb({ id, styleId, ...change });
  }

  // Addresses are those of the sheet.
  const said = (sheet, text) => absolutifyURLs(String(text), sheet.href ?? dom.baseURI(sheet.ownerNode ?? document));

  const undo = [];
  const watch = (owner, name, tellOf) => undo.push(patch(owner.prototype, name, telling((target, self, args) => tellOf(self, ...args))));
  const { CSSStyleSheet: sheets, CSSGroupingRule: groups, CSSStyleDeclaration: declarations } = win;

  const put = (sheet, rule, index) => tell(styleSheetRuleCb, sheet, { adds: [{ rule: said(sheet, rule), index }] });
  const take = (sheet, index) => tell(styleSheetRuleCb, sheet, { removes: [{ index }] });
  watch(sheets, 'insertRule', put);
  watch(sheets, 'deleteRule', take);
  watch(sheets, 'addRule', (sheet, selector, block, index = sheet.cssRules.length - 1) => put(sheet, `${selector} { ${block} }`, index));
  watch(sheets, 'removeRule', take);
  for (const name of ['replace', 'replaceSync']) watch(sheets, name, (sheet, text) => tell(styleSheetRuleCb, sheet, { [name]: said(sheet, text) }));
  watch(groups, 'insertRule', (group, rule, index = 0) => put(group.parentStyleSheet, rule, [...placeOf(group), index]));
  watch(groups, 'deleteRule', (group, index) => take(group.parentStyleSheet, [...placeOf(group), index]));
  // Styles of elements are attributes.
  const declare = ({ parentRule: rule }, change) => rule && tell(styleDeclarationCb, rule.parentStyleSheet, { ...change(rule.parentStyleSheet), index: placeOf(rule) });
  watch(declarations, 'setProperty', (style, property, value, priority) => declare(style, (sheet) => ({ set: { property, value: said(sheet, value), priority } })));
  watch(declarations, 'removeProperty', (style, property) => declare(style, () => ({ remove: { property } })));
  return () => undo.forEach((fn) => fn());
}
