using EchoRate.Cli.Tests.BadInput;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Gguf;

namespace EchoRate.Cli.Tests.Quantizing;

/// <summary><c>echorate quantize</c> where it must not: one line, one code, nothing written.</summary>
public sealed class QuantizeRefusalTests(DemoRun demo) : IDisposable
{
    private const string Help = " (echorate quantize --help lists what is allowed)";

    private readonly Workplace _here = new();

    [Fact]
    public void Without_a_source_or_types_it_says_what_is_missing()
    {
        _here.Refuses(
            2,
            "a source is missing: echorate quantize SRC.gguf --to Q8_0,Q4_K_M",
            "quantize"
        );
        _here.Refuses(
            2,
            "--to is missing: the quantizations to make, as in --to Q8_0,Q4_K_M ('--to list' prints them all)",
            "quantize",
            "m.gguf"
        );
    }

    [Fact]
    public void An_unknown_type_is_answered_with_those_that_are_known()
    {
        var model = Model("m-F16.gguf");

        _here.Refuses(
            2,
            $"--to: 'Q9' is not allowed; allowed: {AllTypes}",
            "quantize",
            model,
            "--to",
            "Q8_0,Q9"
        );
        _here.Refuses(2, "--to: 'Q4_K_M' is given twice", "quantize", model, "--to", "Q4_K,Q4_K_M");
        _here.Refuses(
            2,
            "--token-embd-type: 'IQ1_S' is not allowed; allowed: "
                + "F32, F16, BF16, Q8_0, Q6_K, Q5_K, Q5_1, Q5_0, Q4_K, Q4_1, Q4_0, IQ4_NL, IQ4_XS, MXFP4, Q3_K, IQ3_S, IQ3_XXS, Q2_K, Q2_0, Q1_0"
                + Help,
            "quantize",
            model,
            "--to",
            "Q8_0",
            "--token-embd-type",
            "IQ1_S"
        );
    }

    [Fact]
    public void A_missing_source_and_one_that_is_no_model_are_refused()
    {
        var garbage = _here.Folder.Write("garbage.gguf", "this is not a model file at all");

        _here.Refuses(
            3,
            "{folder}/none.gguf: There is no file '{folder}/none.gguf'.",
            "quantize",
            "none.gguf",
            "--to",
            "Q8_0"
        );
        _here.Refuses(
            3,
            garbage + ": " + FirstProblem(garbage),
            "quantize",
            garbage,
            "--to",
            "Q8_0"
        );
    }

    [Fact]
    public void A_quantized_source_is_refused()
    {
        var model = Model("m-Q8_0.gguf", "demo-echo-Q8_0");

        _here.Refuses(
            2,
            $"{model}: is quantized already ({QuantizedTensors(model)} tensors of type Q8_0), and Q4_0 would quantize it again, "
                + "at a loss that the name does not tell; quantize an F16, BF16 or F32 file, or say --allow-requantize",
            "quantize",
            model,
            "--to",
            "Q4_0"
        );
    }

    [Fact]
    public void A_foreign_file_in_the_way_is_not_touched_and_nothing_else_is_made()
    {
        var model = Model("m-F16.gguf");
        _here.Folder.Write("m-Q4_0.gguf", "precious");
        Model("m-Q8_0.gguf", "demo-echo-F16");

        _here.Refuses(
            3,
            "{folder}/m-Q4_0.gguf: is there already and is no whole GGUF file; move it, or choose another folder with --out",
            "quantize",
            model,
            "--to",
            "Q6_K,Q4_0"
        );
        _here.Refuses(
            3,
            "{folder}/m-Q8_0.gguf: is there already and was not made by echorate quantize; move it, or choose another folder with --out",
            "quantize",
            model,
            "--to",
            "Q6_K,Q8_0"
        );
    }

    [Fact]
    public void A_file_of_another_source_in_the_way_is_not_touched()
    {
        var model = Model("m-F16.gguf");
        Model("m-Q8_0.gguf", "demo-echo-Q8_0");

        _here.Refuses(
            3,
            "{folder}/m-Q8_0.gguf: is there already and was made from demo-echo-F16.gguf; move it, or choose another folder with --out",
            "quantize",
            model,
            "--to",
            "Q8_0"
        );
    }

    [Fact]
    public void Types_that_need_an_importance_matrix_say_so()
    {
        var model = Model("m-F16.gguf");

        _here.Refuses(
            2,
            "--to: IQ2_XXS of this model needs an importance matrix; give one with --imatrix FILE (llama-imatrix makes it)",
            "quantize",
            model,
            "--to",
            "Q8_0,IQ2_XXS"
        );
    }

    [Fact]
    public void An_importance_matrix_must_be_one()
    {
        var model = Model("m-F16.gguf");
        var garbage = _here.Folder.Write("garbage.dat", "this is not an importance matrix");

        _here.Refuses(
            3,
            garbage
                + ": is no importance matrix: neither a GGUF file nor an imatrix.dat of llama-imatrix",
            "quantize",
            model,
            "--to",
            "Q4_0",
            "--imatrix",
            garbage
        );
        _here.Refuses(
            3,
            model + ": is a GGUF file, but no importance matrix (general.type is 'model')",
            "quantize",
            model,
            "--to",
            "Q4_0",
            "--imatrix",
            model
        );
    }

    [Fact]
    public void A_forced_type_that_the_rows_do_not_fit_is_refused()
    {
        var model = TrainedRun.Model();

        _here.Refuses(
            2,
            "--token-embd-type: rows of token_embd.weight have 64 values, which are not whole blocks of 256 as Q6_K needs them; choose another type",
            "quantize",
            model,
            "--to",
            "Q8_0",
            "--token-embd-type",
            "Q6_K",
            "--out",
            "."
        );
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused()
    {
        var model = Model("m-F16.gguf");
        _here.Folder.Write("out", "");
        var before = _here.Folder.Snapshot();

        var outcome = Program.Echorate.Run(
            _here.Folder.Path,
            "quantize",
            model,
            "--to",
            "Q8_0",
            "--out",
            "out"
        );

        Assert.Equal(3, outcome.ExitCode);
        Assert.StartsWith("echorate: ", outcome.ErrorLines[^1]);
        Assert.Equal(before, _here.Folder.Snapshot());
    }

    public void Dispose() => _here.Dispose();

    private static string AllTypes =>
        "F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q5_1, Q5_0, Q4_K_M, Q4_K_S, IQ4_NL, IQ4_XS, Q4_1, Q4_0, MXFP4_MOE, "
        + "Q3_K_L, Q3_K_M, Q3_K_S, IQ3_M, IQ3_S, IQ3_XS, IQ3_XXS, Q2_K, Q2_K_S, Q2_0, IQ2_M, IQ2_S, IQ2_XS, IQ2_XXS, TQ2_0, TQ1_0, IQ1_M, IQ1_S, Q1_0";

    private string Model(string name, string source = "demo-echo-F16") =>
        _here.Folder.Write(name, File.ReadAllBytes(demo.Model(source)));

    private static string FirstProblem(string path)
    {
        GgufFile.TryRead(path, out _, out var problems);
        return problems[0].Message;
    }

    private static int QuantizedTensors(string path) =>
        GgufFile.Read(path).Tensors.Count(tensor => tensor.Type.IsQuantized());
}
