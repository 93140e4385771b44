import { totalOf } from "./cart.mjs";

globalThis.checkout = () => totalOf([{ price: null }]);
