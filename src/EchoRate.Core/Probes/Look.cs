using System.Text.Json.Serialization;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>What is asked of a file in place of echoes and completions: where in it an echo lives. Plain data, so that a worker can be asked.</summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(LensProbe), "lens")]
[JsonDerivedType(typeof(CutProbe), "cut")]
[JsonDerivedType(typeof(PositionProbe), "positions")]
[JsonDerivedType(typeof(PrefixProbe), "prefixes")]
public abstract record Look
{
    /// <summary>Why a file cannot be asked, as a word of the command line's; null where it can.</summary>
    public virtual string? ProblemOf(ModelFacts facts) => null;

    /// <summary>What a context must hold for a file, within the limits of engine and user; of the request, sets and arms count alone.</summary>
    public abstract LoadOptions Plan(ModelFacts facts, ProbeRequest request, LoadOptions limits);

    /// <summary>The row that stands for all of an arm's, where a file never started.</summary>
    public abstract LookRow Unnamed();

    internal abstract IEnumerable<Section> Sections(ProbeContext context, ProbeRequest request);
}
