#:project ../tests/EchoRate.Testing/EchoRate.Testing.csproj
// The miniature that scripts/same-answers measures: dotnet run scripts/miniature.cs -- FILE
EchoRate.Testing.Miniatures.Gemma3.Write(args[0]);
