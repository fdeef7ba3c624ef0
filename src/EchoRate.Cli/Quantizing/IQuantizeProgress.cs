using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.Quantizing;

/// <summary>Where quantizing tells how far it is.</summary>
internal interface IQuantizeProgress
{
    /// <summary>A file begins.</summary>
    /// <param name="ladder">What it belongs to.</param>
    /// <param name="file">The file.</param>
    /// <param name="index">Its place among those that are made, from 1.</param>
    void Begin(Ladder ladder, PlannedFile file, int index);

    /// <summary>A tensor is done; called on another thread.</summary>
    void Done(TensorDone tensor);

    /// <summary>The file is done.</summary>
    void End(PlannedFile file);
}
