import { defineConfig } from "vite";

// The server serves the page at /graphiql and everything else below /graphiql/assets
// (server/src/http/graphiql.rs).
export default defineConfig({
  base: "/graphiql/",
  build: {
    // The page runs where its CSP lets it: `script-src 'self'` forbids the inline polyfill.
    modulePreload: { polyfill: false },
    // Monaco is one large chunk whatever we do; the server sends it compressed, once.
    chunkSizeWarningLimit: 8192,
    reportCompressedSize: false,
    // The licences of what is bundled go wherever the bundle goes.
    license: { fileName: "licenses.txt" },
    rolldownOptions: {
      // `"use client"` at the top of half of npm means nothing in a bundle for browsers.
      checks: { moduleLevelDirective: false },
    },
  },
  // `npm run dev` beside a running server; the production page has no other host either.
  server: {
    proxy: {
      "/graphql": { target: process.env.CAMPANILE_URL ?? "http://127.0.0.1:8080", ws: true },
    },
  },
});
