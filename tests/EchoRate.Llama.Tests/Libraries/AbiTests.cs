using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Tests.Libraries;

/// <summary>Compares our structs and constants with what the C compiler said (scripts/abi-probe), version by version.</summary>
public sealed class AbiTests
{
    private static readonly Type[] s_structs =
    [
        typeof(llama_model_params),
        typeof(llama_context_params),
        typeof(llama_batch),
        typeof(llama_model_kv_override),
        typeof(llama_model_quantize_params),
        typeof(llama_model_imatrix_data),
        typeof(llama_model_tensor_buft_override),
    ];

    public static TheoryData<string> Versions =>
        [
            .. typeof(AbiTests)
                .Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith("abi/", StringComparison.Ordinal)),
        ];

    [Fact]
    public void Both_supported_versions_are_checked() =>
        Assert.Equal(
            ["abi/v0.4.0.txt", "abi/v0.5.0.txt"],
            Versions.Select(row => row.Data).Order()
        );

    [Theory, MemberData(nameof(Versions))]
    public void Structs_have_the_sizes_that_the_c_compiler_gives_them(string version) =>
        Assert.Equal(Facts(version, "sizeof"), s_structs.ToDictionary(type => type.Name, Size));

    [Theory, MemberData(nameof(Versions))]
    public void Fields_lie_where_the_c_compiler_puts_them(string version) =>
        Assert.Equal(
            Facts(version, "offsetof").OrderBy(fact => fact.Key, StringComparer.Ordinal),
            s_structs
                .SelectMany(type =>
                    Fields(type).Select(field => ($"{type.Name}.{field.Name}", Offset(type, field)))
                )
                .ToDictionary(pair => pair.Item1, pair => pair.Item2)
                .OrderBy(fact => fact.Key, StringComparer.Ordinal)
        );

    [Theory, MemberData(nameof(Versions))]
    public void Constants_have_the_values_of_the_header(string version)
    {
        var facts = Facts(version, "enum");
        var ours = typeof(llama_batch)
            .Assembly.GetTypes()
            .Where(type => type.IsEnum && type.Namespace == typeof(llama_batch).Namespace)
            .SelectMany(type =>
                Enum.GetNames(type)
                    .Select(name =>
                        (
                            name,
                            Convert.ToInt32(Enum.Parse(type, name), CultureInfo.InvariantCulture)
                        )
                    )
            )
            .ToArray();

        Assert.NotEmpty(ours);
        Assert.All(ours, constant => Assert.Equal(facts[constant.name], constant.Item2));
    }

    private static Dictionary<string, int> Facts(string version, string kind)
    {
        using var stream = typeof(AbiTests).Assembly.GetManifestResourceStream(version)!;
        using var reader = new StreamReader(stream);
        return reader
            .ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(words => words[0] == kind)
            .ToDictionary(
                words => words[1],
                words => int.Parse(words[2], CultureInfo.InvariantCulture)
            );
    }

    private static FieldInfo[] Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    // Marshal.OffsetOf answers for marshalled structs, where a bool has four bytes. Ours cross as they lie, so the field's own
    // address is asked: (int)(&((T*)0)->field), in IL.
    private static int Offset(Type type, FieldInfo field)
    {
        var method = new DynamicMethod(
            "offset",
            typeof(int),
            [],
            type.Module,
            skipVisibility: true
        );
        var il = method.GetILGenerator();
        var local = il.DeclareLocal(type);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ret);
        return (int)method.Invoke(null, null)!;
    }

    private static int Size(Type type)
    {
        var method = new DynamicMethod("size", typeof(int), [], type.Module, skipVisibility: true);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Sizeof, type);
        il.Emit(OpCodes.Ret);
        return (int)method.Invoke(null, null)!;
    }
}
