using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;
using EchoRate.Core.Models;
using EchoRate.Gguf;

namespace EchoRate.Cli.Tests.Quantizing;

/// <summary>An importance matrix, made here for a demo model, on its way through the program into llama.cpp.</summary>
public sealed class ImportanceMatrixRunTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void With_one_the_types_that_need_one_are_made_and_say_so()
    {
        var outcome = Quantize("IQ2_XXS", Matrix(_ => 1f));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal([_folder.At("demo-echo-IQ2_XXS-imat.gguf")], outcome.OutLines);
        var file = GgufFile.Read(outcome.OutLines[0]);
        Assert.True(ModelFacts.From(file).Imatrix);
        Assert.Equal("matrix.gguf", file.Metadata.Text("quantize.imatrix.file"));
        Assert.Equal("a text", file.Metadata.Text("quantize.imatrix.dataset"));
        Assert.Equal(7, file.Metadata.WholeNumber("quantize.imatrix.chunks_count"));
        Assert.Matches(
            "^IQ2_XXS --imatrix [0-9a-f]{16}$",
            file.Metadata.Text("echorate.quantize_options")
        );
    }

    [Fact]
    public void What_matters_more_is_kept_better()
    {
        // Columns share a scale by blocks of 32: what matters must differ within a block to make a difference.
        var even = Errors(Matrix(column => column % 2 == 0 ? 1000f : 0.001f), "a");
        var odd = Errors(Matrix(column => column % 2 == 0 ? 0.001f : 1000f), "b");

        Assert.True(even.Even < odd.Even);
        Assert.True(odd.Odd < even.Odd);
    }

    [Fact]
    public void Another_matrix_makes_another_file_which_is_not_overwritten()
    {
        Quantize("Q4_0", Matrix(_ => 1f));

        var outcome = Quantize("Q4_0", Matrix(_ => 2f));

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains(
            "is there already and was made with other options (Q4_0 --imatrix ",
            Assert.Single(outcome.ErrorLines)
        );
    }

    [Fact]
    public void One_of_another_model_is_refused_beforehand()
    {
        var outcome = Quantize("Q4_0", Matrix(_ => 1f, extraColumns: 32));

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("is of another model: ", Assert.Single(outcome.ErrorLines));
    }

    [Fact]
    public void One_that_lacks_a_tensor_is_refused_only_where_the_type_needs_it()
    {
        var gap = Matrix(_ => 1f, without: "attn_q");

        var outcome = Quantize("IQ2_XXS", gap);
        Assert.Equal(3, outcome.ExitCode);
        Assert.EndsWith(
            "has nothing for blk.0.attn_q.weight, which IQ2_XXS needs it for",
            Assert.Single(outcome.ErrorLines)
        );
        Assert.Equal(0, Quantize("Q4_0", gap).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private Outcome Quantize(string type, string matrix, string folder = ".") =>
        Echorate.Run(
            _folder.Path,
            $"quantize {demo.Model("demo-echo-F16")} --to {type} --imatrix {matrix} --out {folder} "
                + "--threads 1"
        );

    private (double Even, double Odd) Errors(string matrix, string folder)
    {
        Assert.Equal(0, Quantize("Q4_0", matrix, folder).ExitCode);
        const string tensor = "blk.0.ffn_up.weight";
        var source = GgufFile.Read(demo.Model("demo-echo-F16"));
        var made = GgufFile.Read(_folder.At(folder, "demo-echo-Q4_0-imat.gguf"));
        var before = Bytes(source, tensor);
        var after = Bytes(made, tensor);
        double[] errors = [0, 0];
        for (var i = 0; i < before.Length / 2; i++)
        {
            var error =
                (double)BitConverter.ToHalf(before, 2 * i)
                - Q4(after.AsSpan(i / 32 * 18, 18), i % 32);
            errors[i % 2] += error * error;
        }
        return (errors[0], errors[1]);
    }

    // A block of Q4_0: a half-precision scale, then 32 numbers of 4 bits, the first 16 in the low halves.
    private static double Q4(ReadOnlySpan<byte> block, int index)
    {
        var pair = block[2 + index % 16];
        return (double)BitConverter.ToHalf(block) * ((index < 16 ? pair & 15 : pair >> 4) - 8);
    }

    private static byte[] Bytes(GgufFile file, string tensor)
    {
        using var stream = new MemoryStream();
        file.CopyTensor(file.Tensor(tensor)!, stream);
        return stream.ToArray();
    }

    // As llama-imatrix writes it: sums of squares and counts for every weight of the layers.
    private string Matrix(Func<int, float> importance, int extraColumns = 0, string without = "-")
    {
        var writer = new GgufWriter()
            .Add("general.type", GgufValue.Text("imatrix"))
            .Add("imatrix.datasets", GgufValue.TextArray(["a text"]))
            .Add("imatrix.chunk_count", GgufValue.U32(7))
            .Add("imatrix.chunk_size", GgufValue.U32(512));
        foreach (
            var tensor in GgufFile
                .Read(demo.Model("demo-echo-F16"))
                .Tensors.Where(tensor =>
                    tensor.Name.StartsWith("blk.")
                    && tensor.Dimensions.Length == 2
                    && !tensor.Name.Contains(without)
                )
        )
        {
            var columns = tensor.Dimensions[0] + extraColumns;
            var sums = Enumerable.Range(0, (int)columns).Select(column => 10 * importance(column));
            writer
                .AddTensor(
                    tensor.Name + ".in_sum2",
                    [columns, 1],
                    GgufTensorType.F32,
                    sums.ToArray()
                )
                .AddTensor(tensor.Name + ".counts", [1, 1], GgufTensorType.F32, new[] { 10f });
        }
        writer.Write(_folder.At("matrix.gguf"));
        return _folder.At("matrix.gguf");
    }
}
