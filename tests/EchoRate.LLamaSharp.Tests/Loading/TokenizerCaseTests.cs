using EchoRate.LLamaSharp.Loading;

namespace EchoRate.LLamaSharp.Tests.Loading;

/// <summary>llama.cpp's own tokenizer cases, which scripts/tokenizer-cases runs: they are part of its source.</summary>
public sealed class TokenizerCaseTests
{
    private const string Variable = "ECHORATE_VOCABULARIES";

    /// <summary>
    /// Texts (.inp) and their ids (.out), made with add_special and parse_special off (tests/test-tokenizer-0.cpp), which is all that EchoRate ever
    /// does. A vocabulary whose ids begin with BOS or end with EOS was written otherwise; it is left out, and named.
    /// </summary>
    [Fact]
    public void Every_text_has_the_ids_that_llama_cpp_writes_down()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{Variable} names llama.cpp's models/");
        var engine = new LLamaSharpEngine(TestLibrary.Load(), threads: 1);
        var (passed, failures) = (0, new List<string>());
        foreach (var path in Directory.GetFiles(folder!, "ggml-vocab-*.gguf").Order())
        {
            if (!File.Exists(path + ".inp") || !GgufFile.TryRead(path, out var file, out var bad))
            {
                TestContext.Current.SendDiagnosticMessage($"{path}: no cases, or not to be read");
                continue;
            }
            var texts = File.ReadAllText(path + ".inp").Split("\n__ggml_vocab_test__\n");
            var cases = texts
                .Zip(File.ReadLines(path + ".out"))
                .Select(one => (Text: one.First, Ids: one.Second.Trim()))
                .ToList();
            var facts = ModelFacts.From(file);
            if (
                cases
                    .Where(one => one.Ids.Length > 0)
                    .Select(one => one.Ids.Split(' '))
                    .Any(ids => ids[0] == $"{facts.BosToken}" || ids[^1] == $"{facts.EosToken}")
            )
            {
                TestContext.Current.SendDiagnosticMessage($"{path}: its ids hold special tokens");
                continue;
            }
            using var vocabulary = engine.LoadVocabulary(path, facts.SpacePrefixForced);
            foreach (var (text, ids) in cases)
            {
                var got = string.Join(' ', vocabulary.Tokenize(Encoding.UTF8.GetBytes(text)));
                passed += got == ids ? 1 : 0;
                failures.AddRange(got == ids ? [] : [$"{path}: '{text}' is {got}, not {ids}"]);
            }
        }
        Assert.Empty(failures);
        Assert.NotEqual(0, passed);
    }
}
