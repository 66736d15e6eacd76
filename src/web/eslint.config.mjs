// SPDX-License-Identifier: MIT
// What ESLint looks for in the JavaScript of the project (tests/lint/javascript.mjs). Names that are not there are tsc's to find.
import js from '@eslint/js';

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-undef': 'off',
      'no-unused-vars': ['error', { args: 'after-used', argsIgnorePattern: '^(_|target|self|key)', caughtErrors: 'none', ignoreRestSiblings: true }],
      'no-empty': ['error', { allowEmptyCatch: true }],
      'no-control-regex': 'off', // what is not ASCII has no other way to be said
      'no-regex-spaces': 'off', // slim.mjs asks for indented lines
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      'no-shadow-restricted-names': 'error',
      'no-throw-literal': 'error',
      'no-self-compare': 'error',
      'no-constructor-return': 'error',
      'array-callback-return': 'error',
      'default-case-last': 'error',
      'dot-notation': 'error',
      'no-useless-return': 'error',
      'object-shorthand': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
    },
  },
  { files: ['src/**'], rules: { 'no-new-func': 'error', 'no-script-url': 'error' } },
];
