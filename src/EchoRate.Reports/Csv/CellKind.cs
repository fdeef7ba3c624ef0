namespace EchoRate.Reports.Csv;

/// <summary>What the cells of a column hold, and so how they are written and read. Any cell may be empty: absent.</summary>
public enum CellKind
{
    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number, at most 15 significant digits.</summary>
    Number,

    /// <summary>0 or 1.</summary>
    Truth,

    /// <summary>Text, plain wherever that is safe (see <see cref="TextCell"/>).</summary>
    Text,

    /// <summary>Bytes in piece form: <c>' John'</c>.</summary>
    Piece,

    /// <summary>Bytes in hexadecimal: <c>0x204a6f686e</c>.</summary>
    Hex,

    /// <summary>Token ids: <c>[2 3434]</c>.</summary>
    Ids,

    /// <summary>A hash, or its beginning: <c>sha256:…</c>.</summary>
    Sha256,
}
