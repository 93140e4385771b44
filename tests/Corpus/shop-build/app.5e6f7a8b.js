(()=>{function o(t){let e=0;for(let n of t)e+=n.price.amount;return e}var m=[1,2,3].map(t=>t*2);console.log(m);var r=[{name:"tea",price:null}];function c(){console.log("total",o(r))}c();})();
//# sourceMappingURL=app.5e6f7a8b.js.map
