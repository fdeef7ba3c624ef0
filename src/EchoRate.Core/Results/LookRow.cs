using System.Text.Json.Serialization;
using EchoRate.Core.Engine;

namespace EchoRate.Core.Results;

/// <summary>A row of a table that shows where an echo lives (<see cref="Probes.Look"/>).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "look")]
[JsonDerivedType(typeof(LensRow), "lens")]
[JsonDerivedType(typeof(CutRow), "cut")]
[JsonDerivedType(typeof(PositionRow), "positions")]
[JsonDerivedType(typeof(PrefixRow), "prefixes")]
public abstract record LookRow : EchoRow
{
    /// <summary>Whether the position is the first one that went in.</summary>
    [JsonIgnore]
    public virtual bool IsFirst => InputIds is { Length: 1 };

    /// <summary>Largest absolute value of the position's residual: after its layer in <see cref="LensRow"/>, else after the middle layer.</summary>
    public double? ResidualMax { get; set; }

    /// <summary>Root mean square of that residual.</summary>
    public double? ResidualRms { get; set; }

    /// <summary>The same as <see cref="ResidualMax"/> of the first token that went in: many times the others' where that is an attention sink.</summary>
    public double? FirstResidualMax { get; set; }

    /// <summary>What the position attends to that first token, 0 to 1, mean over heads (and layers); null of the first itself.</summary>
    public double? FirstAttention { get; set; }

    /// <summary>Share of heads (and layers) in which that is more than 0.3.</summary>
    public double? SinkHeads { get; set; }

    internal void Take(in SinkFigures figures)
    {
        (ResidualMax, ResidualRms, FirstResidualMax) = (
            figures.ResidualMax,
            figures.ResidualRms,
            figures.FirstResidualMax
        );
        (FirstAttention, SinkHeads) = (figures.FirstAttention, figures.SinkHeads);
    }
}
