using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace EchoRate.Core.Results;

/// <summary>A row of a table that shows where an echo lives (<see cref="Probes.Look"/>).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "look")]
[JsonDerivedType(typeof(LensRow), "lens")]
[JsonDerivedType(typeof(CutRow), "cut")]
[JsonDerivedType(typeof(PositionRow), "positions")]
[JsonDerivedType(typeof(PrefixRow), "prefixes")]
public abstract record LookRow : EchoRow
{
    /// <summary>A row as a journal holds it.</summary>
    protected LookRow() { }

    /// <summary>A row of an item.</summary>
    /// <param name="item">The item's row as far as it is known.</param>
    [SetsRequiredMembers]
    protected LookRow(EchoRow item)
        : base(item) { }
}
