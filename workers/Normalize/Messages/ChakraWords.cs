namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>
/// Internet Explorer and the first Edge speak the visitor's language: English, German, French, Spanish, Italian, Portuguese, Russian,
/// Polish, Dutch, Japanese, Chinese, Korean, Swedish and Czech. The name stands in that language's quotes; Dutch has none.
/// </summary>
internal static class ChakraWords
{
    private const string DutchProperty = "de eigenschap ";

    private static readonly string[] NullReference =
    [
        "undefined or null reference", " Nullverweis", "référence null ou non définie", "referencia nula o sin definir", "riferimento nullo o non definito",
        "referência indefinida ou nula", "referência nula ou não definida", "не определено или является NULL", "равен null или не определен",
        "niezdefiniowanego lub o wartości null", "niet-gedefinieerde", "未定義または NULL 参照", "未定义或 null 引用", "未定義或 Null 參考", "未定義或 null 參考", "null 참조인 ",
    ];

    private static readonly string[] NoMethod =
    [
        "Object doesn't support property or method ", "unterstützt die Eigenschaft oder Methode", "objet ne gère pas la propriété ou la méthode", "no acepta la propiedad o el método",
        "non supporta la proprietà o il metodo", "não oferece suporte à propriedade ou método", "não oferece suporte para a propriedade ou método", "não suporta a propriedade ou método", "não dá suporte à propriedade ou ao método",
        "не поддерживает свойство или метод", "nie obsługuje właściwości lub metody", "ondersteunt de eigenschap of methode", "geen ondersteuning voor eigenschap of methode",
        "プロパティまたはメソッドをサポートしていません", "属性或方法", "屬性或方法", "속성이나 메서드를 지원하지 않습니다", "stöder inte egenskapen eller metoden", "nepodporuje vlastnost nebo metodu",
    ];

    private static readonly string[] NotDefined =
    [
        "is undefined", "is not defined", "ist undefiniert", "ist nicht definiert", "est indéfini", "n'est pas défini", "n’est pas défini", "no está definido", "es indefinido", "è indefinito", "non è definito",
        "não está definido", "é indefinido", "не определено", "не определен", "- определение отсутствует", "jest niezdefiniowany", "jest niezdefiniowane", "is niet gedefinieerd",
        "は定義されていません", "未定义", "未經定義", "未定義", "이(가) 정의되지 않았습니다",
    ];

    public static bool IsNullReference(ReadOnlySpan<char> text) => Holds(text, NullReference);

    public static bool IsNoMethod(ReadOnlySpan<char> text) => Holds(text, NoMethod);

    /// <summary>The quoted name that the whole of the message says to be undefined; empty for another message.</summary>
    public static ReadOnlySpan<char> Undefined(ReadOnlySpan<char> text)
    {
        var name = Quoted(text, out var rest);
        rest = rest.Trim(" 。.\u00a0");
        foreach (var words in NotDefined)
        {
            if (!name.IsEmpty && rest.SequenceEqual(words))
                return name;
        }

        return default;
    }

    public static ReadOnlySpan<char> Name(ReadOnlySpan<char> text)
    {
        if (Quoted(text, out _) is { IsEmpty: false } quoted)
            return quoted;
        if (text.IndexOf(DutchProperty) is not (>= 0 and var start))
            return default;
        var word = text[(start + DutchProperty.Length)..];
        return word.IndexOf(' ') is > 0 and var end ? word[..end] : default;
    }

    /// <summary>What stands in the first quotes; an apostrophe inside of a word is none.</summary>
    private static ReadOnlySpan<char> Quoted(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        rest = default;
        for (var i = 0; i < text.Length; i++)
        {
            var closing = text[i] switch { '\'' => "'", '"' => "\"", '«' => "»", '„' => "”“", '“' => "”", '‘' => "’", '「' => "」", _ => "" };
            if (closing.Length == 0 || (i > 0 && char.IsLetter(text[i - 1]) && char.IsAscii(text[i - 1])))
                continue;
            var length = text[(i + 1)..].IndexOfAny(closing);
            if (length < 0)
                return default;
            rest = text[(i + length + 2)..];
            return text.Slice(i + 1, length).Trim(" \u00a0\u202f");
        }

        return default;
    }

    private static bool Holds(ReadOnlySpan<char> text, string[] parts)
    {
        foreach (var part in parts)
        {
            if (text.Contains(part, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
