using EchoRate.LLamaSharp;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.Quantizing;

/// <summary>Makes the files of a ladder, one after the other.</summary>
internal sealed class LadderMaker(LLamaSharpLibrary library)
{
    private readonly Quantizer _quantizer = new(library);

    /// <summary>Makes what is missing or outdated.</summary>
    /// <exception cref="OperationCanceledException">Stopped on request: files that were done stay, the one in work is gone.</exception>
    public void Make(Ladder ladder, IQuantizeProgress? progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(ladder.OutFolder);
        foreach (var (index, file) in ladder.ToMake.Index())
        {
            progress?.Begin(ladder, file, index + 1);
            _quantizer.Quantize(
                file.Request with
                {
                    Progress = tensor => progress?.Done(tensor),
                },
                cancellation
            );
            progress?.End(file);
        }
    }
}
