using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;
using EchoRate.Testing;

namespace EchoRate.Cli.Tests.Gpus;

/// <summary>A file that is larger than the card. Writing, hashing and measuring 2.4 GB on processor cores takes minutes: for who asks for it.</summary>
public sealed class LargeFileTests : IDisposable
{
    private const string Variable = "ECHORATE_LARGE_TESTS";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_larger_than_the_card_runs_with_as_many_layers_as_fit()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable(Variable) == "1",
            $"takes minutes and 2.4 GB of disk: set {Variable}=1"
        );
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        environment.Remove("LP_NUM_THREADS");
        var file = _folder.At("sized-2gib-F16.gguf");
        SizedModels.BeyondTwoGiB.Write(file);
        Assert.True(new FileInfo(file).Length > 2L << 30);
        File.WriteAllText(_folder.At("prompt.csv"), "id,prompt,expected\n1,a,b\n");

        var outcome = Echorate.Run(
            _folder.Path,
            environment,
            $"run --file {file} --items sample:3 --prompts prompt.csv "
                + "--arms without --out run --csv data"
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Matches(
            @"(?m)^sized-2gib F16: \d+ of 20 layers on llvmpipe \(\d\.\d of 2\.0 GiB\), rest on CPU",
            outcome.Error
        );
        var row = new RunOnDisk(_folder.At("run")).Files.Rows[0];
        Assert.InRange(row.Number("gpu_layers")!.Value, 5, 12);
        Assert.Equal("Vulkan0 (llvmpipe) + CPU", row["device"]);
        // The margin is a GiB of 2.
        Assert.InRange(row.Number("peak_device_bytes")!.Value, 1 << 29, 1 << 30);
    }
}
