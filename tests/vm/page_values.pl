# Numbers of the page in the folder $folder, and their comparison. For scripts in a guest, which has no
# modules of perl: require "/bin/page_values.pl".
our ($folder, $page);
our ($compared, $failures) = (0, 0);

# A file of the folder.
sub slurp {
  my ($name) = @_;
  open(my $file, "<", "$folder/$name") or die "$name: $!\n";
  local $/;
  return scalar <$file>;
}

# The sum of the series of a family whose labels have all of the given pairs; undef if there is none.
sub value {
  my ($family, @labels) = @_;
  $page = slurp("page") unless defined $page;
  my ($sum, $found) = (0, 0);
  while ($page =~ /^\Q$family\E\{(.*)\} (\S+)$/mg) {
    my ($labels, $value) = ($1, $2);
    next if grep { index($labels, $_) < 0 } @labels;
    $sum += $value;
    $found = 1;
  }
  return $found ? $sum : undef;
}

sub between {
  my ($what, $before, $value, $after) = @_;
  ++$compared;
  return if defined $value && $before <= $value && $value <= $after;
  ++$failures;
  print "$what: want $before to $after, have ", defined $value ? $value : "nothing", "\n";
}

1;
