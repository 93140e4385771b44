using ErrorPipeline.Workers.Normalize.Messages;

namespace ErrorPipeline.Workers.Tests.Normalize;

/// <summary>Wordings of engines that cannot run here: Safari, Internet Explorer and the first Edge, Hermes, older versions. Each row is one fault.</summary>
public class WordingTests
{
    [TestCase("Cannot access property 'x' of undefined", "Die Eigenschaft \"x\" eines undefinierten oder Nullverweises kann nicht abgerufen werden.",
        "Impossible d’obtenir la propriété « x » d’une référence null ou non définie", "No se puede obtener la propiedad 'x' de referencia nula o sin definir",
        "Impossibile recuperare la proprietà 'x' di un riferimento nullo o non definito", "Não é possível obter a propriedade 'x' de referência indefinida ou nula",
        "Не удалось получить свойство \"x\" ссылки, значение которой не определено или является NULL", "Nie można pobrać właściwości „x” odwołania niezdefiniowanego lub o wartości null",
        "Kan eigenschap 'x' van een niet-gedefinieerde verwijzing of een null-verwijzing niet ophalen", "未定義または NULL 参照のプロパティ 'x' は取得できません。",
        "无法获取未定义或 null 引用的属性“x”", "Unable to set property 'x' of undefined or null reference", "'a.x' is null or not an object",
        "a is undefined, can't access property \"x\" of it", "undefined is not an object (evaluating 'a.x = 1')")]
    [TestCase("x is not a function", "Objekt unterstützt die Eigenschaft oder Methode \"x\" nicht", "L’objet ne gère pas la propriété ou la méthode « x »", "El objeto no acepta la propiedad o el método 'x'",
        "L'oggetto non supporta la proprietà o il metodo 'x'", "O objeto não oferece suporte à propriedade ou método 'x'", "Объект не поддерживает свойство или метод \"x\"",
        "Obiekt nie obsługuje właściwości lub metody „x”", "オブジェクトは 'x' プロパティまたはメソッドをサポートしていません。", "对象不支持“x”属性或方法",
        "a.x is not a function. (In 'a.x()', 'a.x' is undefined)", "'undefined' is not a function (evaluating 'a.x()')", "(0 , m.x) is not a function", "(0, m.x) is not a function", "Object #<Object> has no method 'x'")]
    [TestCase("x is not defined", "'x' ist undefiniert", "« x » est indéfini", "'x' no está definido", "'x' non è definito", "'x' não está definido", "\"x\" не определено", "„x” jest niezdefiniowany",
        "'x' is niet gedefinieerd", "'x' は定義されていません。", "“x”未定义", "Can't find variable: x", "Property 'x' doesn't exist", "'x' is undefined", "Undefined variable: x")]
    [TestCase("Maximum call stack size exceeded", "Out of stack space", "Nicht genügend Stapelspeicher", "Espace pile insuffisant", "Espacio de pila insuficiente", "スタック領域が不足しています", "堆栈空间溢出",
        "Maximum call stack size exceeded (native stack depth)")]
    [TestCase("Invalid JSON", "JSON Parse error: Unexpected EOF", "JSON Parse error: Unexpected identifier \"object\"", "Unexpected token o in JSON at position 1", "Unexpected token < in JSON at position 0")]
    [TestCase("Cannot serialize a cyclic structure to JSON", "JSON.stringify cannot serialize cyclic structures.", "Circular reference in value argument not supported")]
    [TestCase("Failed to fetch", "Load failed", "The network connection was lost.", "The Internet connection appears to be offline.", "Network request failed", "Failed to fetch (api.a.test)")]
    [TestCase("The operation was aborted", "Fetch is aborted", "The user aborted a request.", "This operation was aborted")]
    [TestCase("Loading of a module failed", "Importing a module script failed.", "'text/html' is not a valid JavaScript MIME type.")]
    [TestCase("Loading of a chunk failed", "Loading chunk 7 failed.", "Loading CSS chunk 3 failed.\n(/static/css/3.1a2b.css)", "Unable to preload CSS for /assets/Cart-1a2b3c4d.css", "Failed to load chunk /_next/static/chunks/1a2b.js")]
    [TestCase("ResizeObserver loop limit exceeded", "ResizeObserver loop completed with undelivered notifications.")]
    [TestCase("Assignment to constant variable", "invalid assignment to const `x'", "Assignment to const")]
    [TestCase("Cannot assign to read only property", "Attempted to assign to readonly property.", "Assignment to read-only properties is not allowed in strict mode", "\"x\" is read-only")]
    [TestCase("Invalid array length", "Array size is not a small enough positive integer.", "Array length must be a finite positive integer")]
    [TestCase("Out of memory", "out of memory", "Array buffer allocation failed", "Not enough storage is available to complete this operation.")]
    [TestCase("Illegal invocation", "Can only call Document.getElementById on instances of Document", "Invalid calling object")]
    [TestCase("The quota was exceeded", "The quota has been exceeded.", "Failed to execute 'setItem' on 'Storage': Setting the value of 'k' exceeded the quota.")]
    [TestCase("The operation is insecure", "Access is denied.", "Zugriff verweigert", "Accès refusé.", "Failed to read the 'localStorage' property from 'Window': Access is denied for this document.")]
    [TestCase("Access to a frame of another origin was blocked", "Blocked a frame with origin \"https://a.test\" from accessing a cross-origin frame. Protocols, domains, and ports must match.", "Permission denied to access property \"x\"")]
    [TestCase("The node is not a child of this node", "The object can not be found here.", "Failed to execute 'removeChild' on 'Node': The node to be removed is not a child of this node.")]
    [TestCase("A class was called without 'new'", "Cannot call a class constructor without |new|", "Class constructor A cannot be invoked without 'new'", "Constructor Map requires 'new'")]
    [TestCase("A value is not iterable", "undefined is not a function (near '...[a]...')", "Spread syntax requires ...iterable not be null or undefined", "undefined is not iterable (cannot read property Symbol(Symbol.iterator))")]
    [TestCase("Unexpected token '<'", "expected expression, got '<'", "Unexpected token <", "Unexpected token '<'")]
    [TestCase("Unexpected token 'export'", "Unexpected keyword 'export'", "export declarations may only appear at top level of a module")]
    [TestCase("Identifier 'x' has already been declared", "redeclaration of let x", "Can't create duplicate variable: 'x'", "Cannot declare a let variable twice: 'x'.")]
    [TestCase("appendChild: argument 1 has the wrong type", "Argument 1 ('node') to Node.appendChild must be an instance of Node", "Node.appendChild: Argument 1 is not an object.")]
    [TestCase("'#' is not a valid selector", "Document.querySelector: '#' is not a valid selector", "Failed to execute 'querySelector' on 'Document': '#' is not a valid selector.")]
    public void CanonicalMessage_OfOtherEngines_IsOne(string canonical, params string[] wordings) =>
        wordings.Select(wording => $"{wording} -> {CanonicalMessage.Of(wording)}").Should().AllSatisfy(line => line.Should().EndWith($" -> {canonical}"));

    [TestCase("Class methods must be called")]
    [TestCase("precision 4 of the scale is lost in order")]
    [TestCase("Payment of 12 EUR was declined")]
    [TestCase("Server said: Argument 1 is missing")]
    public void CanonicalMessage_OfTheSitesOwnWords_KeepsThem(string message) => CanonicalMessage.Of(message).Should().Be(message);
}
