(()=>{function e(o){let t=0;for(let n of o)t+=n.price.amount;return t}var m=[{name:"tea",price:null}];function r(){console.log("total",e(m))}r();})();
//# sourceMappingURL=app.1a2b3c4d.js.map
