// The page: a bar with the token, and GraphiQL below it.

import { createRoot } from "react-dom/client";
import { App } from "./app.jsx";
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "./page.css";

createRoot(document.getElementById("root")).render(<App />);
