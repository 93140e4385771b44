namespace ErrorPipeline.Shared.Storage.Copying;

/// <summary>
/// One kind of thing that a store keeps, in the form between the engines: a row of typed values, which SQLite has in columns and MongoDB in
/// fields of a document. What an engine works out for itself (words to search in, indexes) is not part of it.
/// </summary>
/// <param name="Name">The table in SQLite.</param>
/// <param name="Collection">The collection in MongoDB.</param>
/// <param name="Keys">How many of the first columns are unique together; SQLite reads in their order.</param>
/// <param name="Columns">All that is copied.</param>
internal sealed record CopiedTable(string Name, string Collection, int Keys, IReadOnlyList<CopiedColumn> Columns)
{
    /// <summary>What MongoDB names a row; null where that is one of the columns.</summary>
    public Func<CopiedRow, string>? Id { get; init; }

    /// <summary>The counter in MongoDB that numbers them; null where they have no numbers.</summary>
    public string? Counter { get; init; }

    /// <summary>The column that is numbered.</summary>
    public string? Numbered { get; init; }

    /// <summary>Documents that are not copied; null for none.</summary>
    public Action<Mongo.Bson.BsonWriter>? OnlyWhere { get; init; }

    /// <summary>Fields in MongoDB beside the columns.</summary>
    public Action<Mongo.Bson.BsonWriter, CopiedRow>? Besides { get; init; }

    /// <summary>Rows that are read and written at a time.</summary>
    public int Batch { get; init; } = 1000;

    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Sql == column)
                return i;
        }

        throw new ArgumentException($"{Name} has no {column}", nameof(column));
    }
}

/// <param name="Sql">The column in SQLite.</param>
/// <param name="Field">The field in MongoDB.</param>
internal sealed record CopiedColumn(string Sql, string Field, CopiedKind Kind)
{
    /// <summary>What is in MongoDB where there is no value.</summary>
    public CopiedNull Null { get; init; }

    /// <summary>How SQLite works it out, where it is not a column there; it is not written then.</summary>
    public string? Expression { get; init; }
}

/// <summary>Types of values: a long, a string or bytes in every case.</summary>
internal enum CopiedKind
{
    Int64,

    /// <summary>As MongoDB keeps what the code keeps in 32 bits.</summary>
    Int32,

    /// <summary>0 or 1.</summary>
    Bool,

    Text,
    Bytes,

    /// <summary>Text in SQLite, bytes in MongoDB.</summary>
    Json,

    /// <summary>A list in MongoDB, in one text with line feeds between here.</summary>
    Lines,
}

internal enum CopiedNull
{
    /// <summary>There always is one: 0 or "" where the field is missing.</summary>
    Never,

    /// <summary>The field is missing.</summary>
    Missing,

    /// <summary>The field is null.</summary>
    Written,

    /// <summary>The field is 0.</summary>
    Zero,
}

/// <summary>Values in the order of the table's columns: long, string, byte[] or null.</summary>
/// <param name="Place">Where reading goes on after it; means something only to where it was read.</param>
internal sealed record CopiedRow(object?[] Values, string Place)
{
    public long Number(int column) => (long)Values[column]!;

    public string Text(int column) => (string)Values[column]!;
}
