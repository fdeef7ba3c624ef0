namespace EchoRate.Reports.Tables;

/// <summary>How tables are laid out.</summary>
public sealed record TableStyle
{
    /// <summary>Columns of the terminal; tables that are wider are cut into several. Null where lines may be as long as they like.</summary>
    public int? Width { get; init; }

    /// <summary>Whether cells are coloured with ANSI codes.</summary>
    public bool Colour { get; init; }
}
