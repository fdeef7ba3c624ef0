using EchoRate.Runs.Executing;
using EchoRate.Runs.Provenance;

namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>Tells nobody.</summary>
internal sealed class SilentProgress : IRunProgress
{
    public void Begin(ModelFacts facts, RunTarget? target, int index, int count, long rows) { }

    public void Say(string line) { }

    public void Rows(FileProgress progress) { }

    public void End(FileRecord file) { }
}
