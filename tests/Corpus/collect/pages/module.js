export function fill(shelf) { shelf.books.push(1); }
export default () => fill({});
