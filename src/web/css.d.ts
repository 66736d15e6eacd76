// SPDX-License-Identifier: MIT
// The bundler takes sheets in as text.
declare module '*.css' {
  const text: string;
  export default text;
}
