using ErrorPipeline.Workers.Normalize.Messages;

namespace ErrorPipeline.Workers.Tests.Normalize;

public class MessageTests
{
    [TestCase("Cannot access property 'name' of undefined",
        "Cannot read properties of undefined (reading 'name')", "Cannot read property 'name' of undefined", "Uncaught TypeError: Cannot read properties of undefined (reading 'name')",
        "can't access property \"name\", user is undefined", "undefined is not an object (evaluating 'user.name')", "undefined is not an object (evaluating 'a[0].name')",
        "Unable to get property 'name' of undefined or null reference", "Die Eigenschaft 'name' eines undefinierten oder Nullverweises kann nicht abgerufen werden.",
        "Cannot set properties of undefined (setting 'name')")]
    [TestCase("Cannot access property 'x' of null", "Cannot read properties of null (reading 'x')", "can't access property \"x\", document.querySelector(...) is null", "null is not an object (evaluating 'a().x')", "'null' is not an object (evaluating 'b.x')")]
    [TestCase("Cannot access a property of undefined", "this.rows[3] is undefined", "Cannot read properties of undefined")]
    [TestCase("run is not a function", "a.run is not a function", "(intermediate value).run is not a function", "a.run is not a function. (In 'a.run()', 'a.run' is undefined)",
        "undefined is not a function (evaluating 'a.run()')", "Object doesn't support property or method 'run'", "Object #<Object> has no method 'run'", "Objekt unterstützt die Eigenschaft oder Methode 'run' nicht")]
    [TestCase("x is not defined", "x is not defined", "Can't find variable: x", "'x' is undefined", "Uncaught ReferenceError: x is not defined", "'x' ist nicht definiert")]
    [TestCase("Cannot access property 'name' of undefined", "Die Eigenschaft \"name\" eines undefinierten oder Nullverweises kann nicht abgerufen werden.",
        "정의되지 않음 또는 null 참조인 'name' 속성을 가져올 수 없습니다.", "Kan de eigenschap name van een niet-gedefinieerde verwijzing of een verwijzing naar een lege waarde niet ophalen")]
    [TestCase("run is not a function", "개체가 'run' 속성이나 메서드를 지원하지 않습니다.", "Objektet stöder inte egenskapen eller metoden 'run'", "Objekt nepodporuje vlastnost nebo metodu 'run'", "O objeto não dá suporte à propriedade ou ao método 'run'")]
    [TestCase("x is not defined", "'x'이(가) 정의되지 않았습니다.")]
    [TestCase("Widget is not a constructor", "ui.Widget is not a constructor", "undefined is not a constructor (evaluating 'new ui.Widget()')")]
    [TestCase("A variable is used before its initialization", "Cannot access 'x' before initialization", "can't access lexical declaration 'x' before initialization", "Cannot access uninitialized variable.")]
    [TestCase("Maximum call stack size exceeded", "Maximum call stack size exceeded", "too much recursion", "Maximum call stack size exceeded.")]
    [TestCase("Invalid JSON", "Unexpected token < in JSON at position 0", "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", "JSON.parse: unexpected character at line 1 column 1 of the JSON data", "JSON Parse error: Unrecognized token '<'", "Unexpected end of JSON input", "\"undefined\" is not valid JSON")]
    [TestCase("Failed to fetch", "Failed to fetch", "NetworkError when attempting to fetch resource.", "Load failed")]
    [TestCase("Loading of a chunk failed", "Loading chunk 12 failed.\n(error: https://a.test/12.js)", "Loading CSS chunk 3 failed.")]
    [TestCase("Loading of a module failed", "Failed to fetch dynamically imported module: https://a.test/x.js", "error loading dynamically imported module: https://a.test/x.js", "Importing a module script failed.")]
    [TestCase("ResizeObserver loop limit exceeded", "ResizeObserver loop limit exceeded", "ResizeObserver loop completed with undelivered notifications.")]
    public void CanonicalMessage_OneFaultInTheWordsOfEngines_IsOne(string canonical, params string[] wordings) =>
        wordings.Select(CanonicalMessage.Of).Should().AllBe(canonical);

    [TestCase("Payment declined")]
    [TestCase("Unexpected token '<'")]
    [TestCase("The value is undefined")]
    [TestCase("")]
    [TestCase("'")]
    public void CanonicalMessage_OtherWords_StayAsTheyAre(string message) => CanonicalMessage.Of(message).Should().Be(message);

    [Test]
    public void CanonicalMessage_DifferentFaults_StayApart() => new[]
    {
        "Cannot read properties of undefined (reading 'a')", "Cannot read properties of undefined (reading 'b')", "Cannot read properties of null (reading 'a')", "a is not defined", "a is not a function",
    }.Select(CanonicalMessage.Of).Should().OnlyHaveUniqueItems();

    [TestCase("Order 123 of user 45 failed", "Order <n> of user <n> failed")]
    [TestCase("took 12.5ms, 1,024 bytes, -3e10", "took <n>ms, <n> bytes, <n>")]
    [TestCase("id 8f14e45f-ceea-467f-a9a0-2b3c4d5e6f70 gone", "id <uuid> gone")]
    [TestCase("commit 3f2a1b9cd0 at 0x7ffe", "commit <hash> at <hash>")]
    [TestCase("GET https://a.test/x?y=1 (500)", "GET <url> (<n>)")]
    [TestCase("see https://a.test/x.", "see <url>.")]
    [TestCase("mail ann@a.test and [email]", "mail <email> and <email>")]
    [TestCase("at 2026-11-22T05:40:00.000Z and 2026-11-22", "at <date> and <date>")]
    [TestCase("no key 'short' in \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "no key 'short' in \"<text>\"")]
    [TestCase("h1 utf8 base64 x2y deadbeef facade", "h1 utf8 base64 x2y deadbeef facade")]
    [TestCase("user_12345 of ORD-97920 and order98765", "user_<n> of ORD-<n> and order<n>")]
    [TestCase("no plan 77_basic, cart_8f14e45f-ceea-467f-a9a0-2b3c4d5e6f70_old", "no plan <n>_basic, cart_<uuid>_old")]
    [TestCase("cus_NffrFeUfNV2Hib has order-7f3a2b and sess_3f2a1b9cd0", "cus_<hash> has order-<hash> and sess_<hash>")]
    [TestCase("video dQw4w9WgXcQ of V1StGXR8_Z5jdHi6B-myT", "video <hash> of <hash>")]
    [TestCase("ulid 01ARZ3NDEKTSV4RRFFQ69G5FAV, chunk index-BxK3f9aQ.js", "ulid <hash>, chunk index-<hash>.js")]
    [TestCase("since Sun Nov 22 2026 05:40:00 GMT+0100 (Mitteleuropäische Normalzeit)!", "since <date>!")]
    [TestCase("until Sun, 22 Nov 2026 04:40:00 GMT, Sunday", "until <date>, Sunday")]
    [TestCase("getElement2ById utf8Decoder sha256sum i18nextHttpBackend2 ES5to6 Object3D HTTP2_ERROR v8ToIstanbul", "getElement2ById utf8Decoder sha256sum i18nextHttpBackend2 ES5to6 Object3D HTTP2_ERROR v8ToIstanbul")]
    [TestCase("my-kebab-2-name is-32-bit_value", "my-kebab-<n>-name is-<n>-bit_value")]
    [TestCase("two\n  lines", "two lines")]
    [TestCase("don't and can't and won't and shouldn't match as quotes", "don't and can't and won't and shouldn't match as quotes")]
    public void MessageTemplate_WhatVaries_BecomesAPlaceholder(string message, string template) => MessageTemplate.Of(message).Should().Be(template);

    [TestCase("'")]
    [TestCase("a@")]
    [TestCase("a1")]
    [TestCase("http://")]
    [TestCase("2026-11-")]
    [TestCase(" 'a")]
    public void MessageTemplate_HostileRepetition_IsBounded(string part)
    {
        var message = string.Concat(Enumerable.Repeat(part, 50_000));
        var started = TimeProvider.System.GetTimestamp();

        MessageTemplate.Of(message).Length.Should().BeLessThan(20_000);

        TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(1));
    }
}
